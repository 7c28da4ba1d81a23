// Support: the facts that a support request needs, and all of them as one file.

import { address, get } from './api.js';
import { byId, el, fill, fillPairs } from './dom.js';
import { tOr } from './texts.js';

export async function show() {
  byId('zip').href = address('api/diagnostics.zip');
  const facts = await get('api/diagnostics');
  fill(byId('diagnostics'), Object.entries(facts).map(([name, value]) => part(name, value)));
}

/** One topic: pairs, or a list of lines. */
function part(name, value) {
  const heading = el('h4', {}, tOr(`support.${name}`, name));
  if (Array.isArray(value)) {
    const lines = value.map((line) => (typeof line === 'object' ? Object.values(line).join('  ') : String(line)));
    return el('section', {}, heading, el('pre', { class: 'okp-log', tabIndex: 0, 'aria-label': tOr(`support.${name}`, name), role: 'region' }, lines.join('\n')));
  }
  const list = el('dl', { class: 'okp-pairs' });
  const pairs = typeof value === 'object' && value !== null ? Object.entries(value) : [['', String(value)]];
  fillPairs(list, pairs.map(([key, fact]) => [tOr(`support.${name}.${key}`, key), typeof fact === 'object' ? JSON.stringify(fact) : String(fact)]));
  return el('section', {}, heading, list);
}
