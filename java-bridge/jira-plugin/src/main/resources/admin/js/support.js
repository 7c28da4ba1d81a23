// Support: the facts that a support request needs, first in words, then by their names, and all of them as one file.

import { address, get } from './api.js';
import { byId, el, fill, fillPairs } from './dom.js';
import { bytes, number, t, tOr, when } from './texts.js';

const TOPICS = ['versions', 'native', 'cluster', 'connection', 'directory'];
const COUNTS = ['oktaUsers', 'absentUsers', 'orphanedUsers', 'jiraUsers', 'changes'];
const TIMES = ['accessTokenExpires', 'signInEnds', 'freshAsOf', 'lastFull', 'lastDelta'];
const SIZES = ['fileBytes', 'snapshotBytes'];

export async function show() {
  byId('zip').href = address('api/diagnostics.zip');
  const facts = await get('api/diagnostics');
  fill(byId('diagnostics'), TOPICS.map((topic) => inWords(topic, facts[topic] ?? {})));
  // Runs have a tab of their own, and the file holds all of each. The log stands below.
  const others = Object.entries(facts).filter(([topic]) => topic !== 'runs' && topic !== 'log');
  fill(byId('diagnostics-by-name'), others.map(([topic, part]) => byName(topic, part)));
  byId('log').textContent = [facts.log].flat().map(plain).join('\n');
}

/** A topic as an administrator reads it. A fact that has no title, or no value, is not shown. */
function inWords(topic, facts) {
  const title = (name) => tOr(`support.${topic}.${name}`, null);
  const known = Object.entries(facts).filter(([name]) => title(name) !== null);
  const list = el('dl', { class: 'okp-pairs' });
  fillPairs(list, known.map(([name, value]) => [title(name), said(name, value)]));
  return el('section', {}, el('h4', {}, t(`support.${topic}`)), list);
}

/** A value as people write it. */
function said(name, value) {
  if (typeof value === 'boolean') {
    return t(value ? 'yes' : 'no');
  }
  if (value === null || value === undefined) {
    return '';
  }
  if (TIMES.includes(name)) {
    return when(value);
  }
  if (SIZES.includes(name)) {
    return bytes(value);
  }
  if (COUNTS.includes(name)) {
    return number(value);
  }
  if (name === 'kind') {
    return tOr(`facts.${value}`, t('facts.not-connected'));
  }
  if (name === 'problem') {
    return tOr(`connect.problem.${value}`, t('connect.problem.other', value));
  }
  if (name === 'byStatus') {
    return Object.entries(value).map(([status, count]) => `${tOr(`status.${status}`, status)}: ${number(count)}`).join(', ');
  }
  return plain(value);
}

/** A topic with the names and values that the file has. */
function byName(topic, facts) {
  const list = el('dl', { class: 'okp-pairs' });
  fillPairs(list, Object.entries(facts).map(([name, value]) => [name, plain(value)]));
  return el('section', {}, el('h4', {}, topic), list);
}

/** A value in one line; nothing for what is unknown. */
function plain(value) {
  if (value === null || value === undefined) {
    return '';
  }
  if (Array.isArray(value)) {
    return value.map(plain).join(', ');
  }
  if (typeof value === 'object') {
    return Object.entries(value).map(([name, fact]) => `${name} ${plain(fact)}`).join(', ');
  }
  return String(value);
}
