import { createHash } from "node:crypto";

/** A script that Redis runs in one step, on the one key of a user. */
export interface Script {
  readonly lua: string;
  /** How Redis calls a script that it has seen. */
  readonly sha: string;
}

/**
 * A user's routes are a list, oldest first, of `<ms of the last renewal> <route>`. KEYS[1] is the list, ARGV[1] how long a route
 * lives, ms. Time is the server's, so nodes need no common clock. What is not ours is passed over, and gone with the next change.
 */
const BOOK = `
local key, life = KEYS[1], tonumber(ARGV[1])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function read(text, renewed)
  local id, epoch, connection, origin, kind = string.match(text, '^(%S+) (%S+) (%d+) (%S+) (.*)$')
  if not id then return nil end
  return { text = text, renewed = renewed, id = id, epoch = epoch, connection = connection, origin = origin, kind = kind }
end

local function load()
  local known = {}
  local list = redis.pcall('LRANGE', key, 0, -1)
  if list.err then return known end
  for _, entry in ipairs(list) do
    local renewed, text = string.match(entry, '^(%d+) (.*)$')
    renewed = renewed and tonumber(renewed)
    local route = renewed and math.abs(now - renewed) <= life and read(text, renewed)
    if route then known[#known + 1] = route end
  end
  return known
end

local function save(routes)
  local newest = 0
  redis.call('DEL', key)
  for _, route in ipairs(routes) do
    redis.call('RPUSH', key, string.format('%.0f', route.renewed) .. ' ' .. route.text)
    newest = math.max(newest, route.renewed)
  end
  if newest > 0 then redis.call('PEXPIREAT', key, string.format('%.0f', newest + life)) end
end

local function same(a, b)
  return a.id == b.id and a.connection == b.connection
end
`;

/**
 * Mirrors `contracts/decide-claim.ts` line by line; a test holds both against thousands of books.
 * ARGV: life, policy, most devices, the newcomer, then every live registration. Answers 0, or 1 and the displaced.
 */
const CLAIM = `
local policy, max, route = ARGV[2], tonumber(ARGV[3]), read(ARGV[4], now)
local live = {}
for i = 5, #ARGV do live[ARGV[i]] = true end

local others = {}
for _, other in ipairs(load()) do
  if live[other.id .. ' ' .. other.epoch] and not same(other, route) then others[#others + 1] = other end
end

if policy == 'reject-new' then
  for _, other in ipairs(others) do
    if other.origin ~= route.origin then return { 0 } end
  end
end

local displaced, gone = {}, {}
local function displace(other)
  displaced[#displaced + 1] = other
  gone[other] = true
end
local function displaceAll(chosen, most)
  for _, other in ipairs(others) do
    if #displaced >= most then return end
    if not gone[other] and chosen(other) then displace(other) end
  end
end
local function any() return true end
local function own(other) return other.origin == route.origin end
local function sameKind(other) return other.kind == route.kind end

if policy == 'single' or policy == 'reject-new' then
  displaceAll(any, #others)
else
  if policy == 'one-per-device-kind' then displaceAll(sameKind, #others) end
  local most = math.max(#displaced, #others + 1 - max)
  displaceAll(own, most)
  displaceAll(any, most)
end

for _, other in ipairs(displaced) do
  if own(other) and other.id == route.id and tonumber(other.connection) > tonumber(route.connection) then return { 0 } end
end

local kept = {}
for _, other in ipairs(others) do
  if not gone[other] then kept[#kept + 1] = other end
end
kept[#kept + 1] = route
save(kept)

local answer = { 1 }
for _, other in ipairs(displaced) do answer[#answer + 1] = other.text end
return answer
`;

/** ARGV: life, then the routes. Each keeps the place of its connection, so that the oldest stays the oldest. */
const RENEW = `
local known = load()
for i = 2, #ARGV do
  local route = read(ARGV[i], now)
  local place = #known + 1
  for j, other in ipairs(known) do
    if same(other, route) then place = j end
  end
  known[place] = route
end
save(known)
`;

/** ARGV: life, then which connections under which registrations. */
const RELEASE = `
local gone = {}
for i = 2, #ARGV do gone[ARGV[i]] = true end
local kept, known = {}, load()
for _, route in ipairs(known) do
  if not gone[route.id .. ' ' .. route.epoch .. ' ' .. route.connection] then kept[#kept + 1] = route end
end
if #kept < #known then save(kept) end
`;

/** ARGV: life. Answers the routes. */
const LOCATE = `
local answer = {}
for _, route in ipairs(load()) do answer[#answer + 1] = route.text end
return answer
`;

/** The four calls of a presence. */
export const SCRIPTS = {
  claim: scriptOf(CLAIM),
  renew: scriptOf(RENEW),
  release: scriptOf(RELEASE),
  locate: scriptOf(LOCATE),
} as const;

function scriptOf(body: string): Script {
  const lua = `${BOOK}${body}`;
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}
