// Facts about the connection that several sections need.

/** Whether a credential is stored. */
export function connected(connection) {
  return Boolean(connection.kind) && connection.kind !== 'none';
}

/** Tells the head of the page that the connection or the directory has changed. */
export function changed() {
  document.dispatchEvent(new CustomEvent('okp-changed'));
}
