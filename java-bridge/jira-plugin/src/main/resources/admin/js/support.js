// Support: the facts that a support request needs, and all of them as one file.

import { address, get } from './api.js';
import { byId, el, fill, fillPairs } from './dom.js';
import { tOr } from './texts.js';

export async function show() {
  byId('zip').href = address('api/diagnostics.zip');
  const facts = await get('api/diagnostics');
  fill(byId('diagnostics'), Object.entries(facts).map(([name, value]) => part(name, value)));
}

/** One topic: pairs, or a list of lines. Runs are on their own tab, and whole in the file. */
function part(name, value) {
  if (name === 'runs') {
    return null;
  }
  const heading = el('h4', {}, tOr(`support.${name}`, name));
  if (Array.isArray(value)) {
    const properties = { class: 'okp-log', tabIndex: 0, 'aria-label': tOr(`support.${name}`, name), role: 'region' };
    return el('section', {}, heading, el('pre', properties, value.map(inWords).join('\n')));
  }
  const list = el('dl', { class: 'okp-pairs' });
  fillPairs(list, Object.entries(value).map(([key, fact]) => [words(key), inWords(fact)]));
  return el('section', {}, heading, list);
}

/** The name of a fact as words; names of the engine's settings stay as they are set. */
function words(key) {
  return key.includes('.') ? key : key.replace(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);
}

/** A value in one line; nothing for what is unknown. */
function inWords(value) {
  if (value === null || value === undefined) {
    return '';
  }
  if (Array.isArray(value)) {
    return value.map(inWords).join(', ');
  }
  if (typeof value === 'object') {
    return Object.entries(value).map(([key, fact]) => `${key} ${inWords(fact)}`).join(', ');
  }
  return String(value);
}
