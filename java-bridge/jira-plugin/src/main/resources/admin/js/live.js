// Live: where Okta reports changes by itself, the event hook at Okta, and a test of the whole way.

import { get, post } from './api.js';
import { announce, busy, byId, confirm, el, errorMessage, fill, fillPairs, message, notice } from './dom.js';
import { liveState } from './live_state.js';
import { duration, number, seconds, t, when } from './texts.js';

const POLL_MS = 3000;
/** The intervals on offer between two polls of the System Log, in seconds. */
const INTERVALS = [5, 15, 30, 60, 300, 600];
/** How long the test of the log waits for a change that a person must make. */
const TEST_MS = 120_000;

let visit = 0;
let timer;
let shown;

export async function show() {
  visit += 1;
  fill(byId('live-test-result'));
  fillPairs(byId('live-secret-facts'), []);
  await refresh(visit);
  byId(`live-${shown.source}`).checked = true;
  const offered = [...new Set([...INTERVALS, shown.intervalSeconds])].sort((a, b) => a - b);
  fill(byId('live-interval'), offered.map((every) => el('option', { value: String(every) }, t('live.interval.every', duration(every * 1000)))));
  byId('live-interval').value = String(shown.intervalSeconds);
  showSource();
}

/** Stops the requests, because the section is no longer shown. */
export function leave() {
  visit += 1;
  clearTimeout(timer);
}

async function refresh(mine) {
  clearTimeout(timer);
  const live = await get('api/live');
  if (mine !== visit) {
    return;
  }
  shown = live;
  showState();
  timer = setTimeout(() => refresh(mine).catch(() => again(mine)), POLL_MS);
}

/** Asks again later. Jira may be unavailable for a moment; until then the page stays as it is. */
function again(mine) {
  if (mine === visit) {
    timer = setTimeout(() => refresh(mine).catch(() => again(mine)), POLL_MS);
  }
}

function showState() {
  showUnreachable();
  fill(byId('live-state'), liveState(shown));
  const on = shown.source !== 'off';
  byId('live-card').hidden = !on;
  byId('live-hook-part').hidden = shown.source !== 'hook';
  byId('live-address').value = shown.address;
  const registered = Boolean(shown.status.hookUrl);
  byId('live-register').textContent = t(registered ? 'live.hook.register.again' : 'live.hook.register');
  for (const name of ['live-check', 'live-rotate', 'live-remove']) {
    byId(name).hidden = !registered;
  }
  // A test cannot make a hook, so it is hidden until there is one.
  byId('live-test').hidden = shown.source === 'hook' && !registered && !shown.status.verifiedAt;
  fillPairs(byId('live-facts'), on ? facts(shown) : []);
}

function facts({ source, node, status }) {
  return [
    [t('live.status.event'), when(status.lastEvent)],
    [t('live.status.lag'), status.lagMs === null ? '' : seconds(status.lagMs)],
    [t('live.status.waiting'), number(status.pending)],
    [t('live.status.held'), status.held ? number(status.held) : ''],
    [t('live.status.missed'), status.missed ? t('live.status.missed.last', number(status.missed), when(status.missedAt)) : t('live.status.missed.none')],
    [t('live.status.events'), number(status.events)],
    [t('live.status.polled'), source === 'log' ? when(status.polled) : ''],
    [t('live.status.interval'), source === 'log' && status.intervalMs ? duration(status.intervalMs) : ''],
    [t('live.status.hook'), source === 'hook' ? t(hookWord(status)) : ''],
    [t('live.status.delivered'), source === 'hook' && status.dailyCap ? t('live.status.delivered.of', number(status.deliveredToday), number(status.dailyCap)) : ''],
    [t('live.status.node'), node || ''],
  ];
}

function hookWord(status) {
  if (!status.hookUrl) {
    return 'live.status.hook.by-hand';
  }
  return status.hookVerified ? 'live.status.hook.verified' : 'live.status.hook.unverified';
}

function chosen() {
  return document.querySelector('#okp-live-form input[name=live]:checked')?.value;
}

function showSource() {
  byId('live-interval-field').hidden = chosen() !== 'log';
  showUnreachable();
}

/**
 * Warns as soon as the hook is chosen, but not after Okta has shown that it reaches the address, for instance
 * through a gateway.
 */
function showUnreachable() {
  const place = byId('live-unreachable');
  const why = chosen() === 'hook' && !shown.status.verifiedAt ? shown.unreachable : null;
  if (place.dataset.why === (why || '')) {
    return;
  }
  place.dataset.why = why || '';
  fill(place, why ? message('warning', t('live.unreachable'), why, t('live.unreachable.advice')) : []);
}

async function save() {
  const live = { source: chosen(), intervalSeconds: Number(byId('live-interval').value) };
  await attempt(async () => {
    await post('api/settings', { live });
    await refresh(visit);
    notice(t('saved'));
  });
}

/** Runs work. A failure is shown beside the state, until the next action. */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    fill(byId('notice'), errorMessage(error));
  }
}

async function register() {
  await attempt(async () => {
    await post('api/live/register');
    await refresh(visit);
    notice(t('live.hook.registered'));
  });
}

async function check() {
  await attempt(async () => {
    await post('api/live/check');
    await refresh(visit);
    notice(t('live.hook.checked'));
  });
}

async function rotate() {
  if (!(await confirm(t('live.hook.rotate'), t('live.hook.rotate.text'), t('live.hook.rotate')))) {
    return;
  }
  await attempt(async () => {
    await post('api/live/rotate');
    await refresh(visit);
    notice(t('live.hook.rotated'));
  });
}

async function remove() {
  if (!(await confirm(t('live.hook.remove'), t('live.hook.remove.text'), t('live.hook.remove')))) {
    return;
  }
  await attempt(async () => {
    await post('api/live/remove');
    await refresh(visit);
    notice(t('live.hook.removed'));
  });
}

/**
 * Shows the secret to an administrator who makes the hook by hand. It is fetched only now and disappears with the
 * section.
 */
async function showSecret() {
  await attempt(async () => {
    const { header, secret } = await post('api/live/secret');
    const code = (text) => el('code', { class: 'okp-mono' }, text);
    fillPairs(byId('live-secret-facts'), [
      [t('live.hand.url'), code(shown.address)],
      [t('live.hand.header'), code(header)],
      [t('live.hand.secret'), code(secret)],
    ]);
  });
}

/**
 * Tests live. With the hook, Okta is asked to send its challenge. With the log, a person changes something and the
 * page waits for it.
 */
async function test() {
  fill(byId('live-test-result'));
  try {
    fill(byId('live-test-result'), shown.source === 'hook' ? await testHook() : await testLog(visit));
  } catch (error) {
    fill(byId('live-test-result'), errorMessage(error, t('live.test.failed')));
  }
}

async function testHook() {
  const { tookMs } = await post('api/live/test');
  await refresh(visit);
  return message('success', '', t('live.test.hook', seconds(tookMs)));
}

async function testLog(mine) {
  const before = shown.status.events;
  fill(byId('live-test-result'), message('info', '', t('live.test.log.now')));
  announce(t('live.test.log.now'));
  const began = Date.now();
  while (mine === visit && Date.now() - began < TEST_MS) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { status, problem } = await get('api/live');
    if (problem) {
      return message('error', t('live.test.failed'), problem.message);
    }
    if (status.events > before && status.pending === 0) {
      return message('success', '', t('live.test.log', seconds(status.lagMs ?? Date.now() - status.lastEvent)));
    }
  }
  return message('warning', '', t('live.test.log.nothing'));
}

async function copyAddress() {
  const field = byId('live-address');
  try {
    await navigator.clipboard.writeText(field.value);
    announce(t('live.hook.copied'));
    byId('live-address-copy').textContent = t('live.hook.copied');
  } catch {
    // Plain http and old browsers have no clipboard interface. Then the user can copy the selected text by hand.
    field.select();
    announce(t('credentials.redirect.select'));
  }
}

byId('live-form').addEventListener('change', showSource);
byId('live-form').addEventListener('submit', (event) => {
  event.preventDefault();
  busy(event.submitter, save);
});
for (const [name, work] of Object.entries({ register, check, rotate, remove, test, secret: showSecret })) {
  byId(`live-${name}`).addEventListener('click', () => busy(byId(`live-${name}`), work));
}
byId('live-address-copy').addEventListener('click', copyAddress);
