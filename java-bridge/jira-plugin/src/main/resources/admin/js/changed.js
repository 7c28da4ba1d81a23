// Tells the head of the page that the connection or the directory has changed.

export function changed() {
  document.dispatchEvent(new CustomEvent('okp-changed'));
}
