// like compares a value with a pattern: objects may hold more than the pattern, lists may be longer, a regular expression
// must match, a constructor (String, Number) asks for the type, undefined asks for absence. It throws on a difference.
export function like(got, want, at = '') {
  const differ = () => { throw new Error(`${at || 'value'} is ${JSON.stringify(got)?.slice(0, 400)}, not ${want instanceof RegExp ? want : typeof want === 'function' ? want.name : JSON.stringify(want)}`); };
  if (want === String || want === Number || want === Boolean) {
    if (typeof got !== want.name.toLowerCase() || got === '') differ();
  } else if (want instanceof RegExp) {
    if (typeof got !== 'string' || !want.test(got)) differ();
  } else if (want !== null && typeof want === 'object') {
    if (got === null || typeof got !== 'object' || Array.isArray(want) !== Array.isArray(got)) differ();
    for (const key of Object.keys(want)) like(got[key], want[key], `${at}.${key}`);
  } else if (got !== want) differ();
}

// sorted is x with the fields of its objects in order.
const sorted = (x) => Array.isArray(x) ? x.map(sorted)
  : x && typeof x === 'object' ? Object.fromEntries(Object.keys(x).sort().map((k) => [k, sorted(x[k])])) : x;

// same compares exactly.
export function same(got, want, what = 'value') {
  if (JSON.stringify(sorted(got)) !== JSON.stringify(sorted(want))) throw new Error(`${what} is ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
}

// refused resolves to the error of a call which Slack must refuse with this code.
export async function refused(code, call) {
  try {
    await call;
  } catch (err) {
    if (err.code !== 'slack_webapi_platform_error') throw err;
    same(err.data.error, code, 'the error');
    return err;
  }
  throw new Error(`the call went well; expected ${code}`);
}
