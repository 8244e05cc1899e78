/** Browser code that saves copying from one step's answer into the next step. */

/**
 * A script that defines `send(url, init)`: `fetch` for operations.
 *
 * `<otpId>`, `<otpCode>` and `<accessToken>` in variables and headers are replaced by what the latest answer had
 * in a field of that name, as long as this browser tab lives; a header with nothing to put in is left out.
 */
export const SEND = `
const answered = JSON.parse(sessionStorage.getItem('answered') ?? '{}');

function filled(text) {
  return text.replace(/<(otpId|otpCode|accessToken)>/g, (placeholder, name) => answered[name] ?? placeholder);
}

function filledBody(body) {
  const { variables, ...operation } = JSON.parse(body);
  const fill = (name, value) => (typeof value === 'string' ? filled(value) : value);
  return JSON.stringify({ ...operation, variables: JSON.parse(JSON.stringify(variables ?? {}), fill) });
}

function remember(answer) {
  JSON.parse(answer, (name, value) => {
    if (['otpId', 'otpCode', 'accessToken'].includes(name) && typeof value === 'string') answered[name] = value;
    return value;
  });
  sessionStorage.setItem('answered', JSON.stringify(answered));
}

async function send(url, { headers, body, ...init }) {
  const known = Object.entries(headers ?? {}).map(([name, value]) => [name, filled(String(value))]);
  const response = await fetch(url, {
    ...init,
    headers: Object.fromEntries(known.filter(([, value]) => !/<\\w+>/.test(value))),
    body: typeof body === 'string' ? filledBody(body) : body,
  });
  await response.clone().text().then(remember).catch(() => {});
  return response;
}
`;
