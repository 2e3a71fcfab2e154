/** A route that takes any path, as many applications have one: that of the chat, too, if Next were asked. */
export default function AnyOtherPage() {
  return <p>Another page</p>;
}
