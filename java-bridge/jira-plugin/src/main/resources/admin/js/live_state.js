// How well live works, in words: the most important problem first, each with what to do about it.

import { el, message } from './dom.js';
import { number, seconds, t, when } from './texts.js';

/** Codes of errors: the credential lacks a scope, its owner a role, or nobody consented. */
const NOT_ALLOWED = ['SCOPE_MISSING', 'ROLE_MISSING', 'CONSENT_REQUIRED'];
/** How long a loss is shown as a warning; by then a full run has read everything again. */
const GAP_SHOWN_MS = 24 * 3_600_000;

/** One sentence: when the last change came, and how soon Jira had it. */
export function freshness({ status }) {
  if (!status.lastEvent) {
    return t('live.fresh.none');
  }
  return status.lagMs === null ? t('live.fresh.last', when(status.lastEvent)) : t('live.fresh.lag', when(status.lastEvent), seconds(status.lagMs));
}

/** The most important problem; if there is none, that live works. */
export function liveState(live) {
  const { source, status, problem } = live;
  if (source === 'off') {
    return message('info', t('live.state.off'), t('live.state.off.text'));
  }
  if (problem && problem.name === 'NOT_CONNECTED') {
    return message('info', t('live.state.not-connected'), '', el('p', {}, el('a', { class: 'aui-button', href: '#/connection' }, t('overview.connect.go'))));
  }
  if (problem) {
    const advice = NOT_ALLOWED.includes(problem.name) ? t(`live.state.${source}.not-allowed`) : '';
    return message('error', t(`live.state.${source}.problem`), problem.message, advice);
  }
  return source === 'log' ? logState(live) : hookState(live);
}

function gap(status) {
  const recent = status.gapAt && Date.now() - status.gapAt < GAP_SHOWN_MS;
  return recent ? message('warning', t('live.state.gap', when(status.gapAt)), t('live.state.gap.text', status.gap)) : null;
}

function logState(live) {
  if (!live.status.polled) {
    return message('info', t('live.state.log.begins'));
  }
  return gap(live.status) || message('success', t('live.state.works'), freshness(live));
}

function hookState(live) {
  const { status, address } = live;
  if (!status.hookUrl && !status.verifiedAt) {
    return message('info', t('live.state.hook.none'), t('live.state.hook.none.text'));
  }
  if (status.hookUrl && status.hookUrl !== address) {
    return message('warning', t('live.state.hook.moved'), t('live.state.hook.moved.text', status.hookUrl));
  }
  if (status.hookUrl && !status.hookVerified) {
    return message('warning', t('live.state.hook.unverified'), t('live.state.hook.unverified.text'));
  }
  return cap(status) || gap(status) || message('success', t('live.state.works'), freshness(live));
}

/** A warning about Okta's daily cap of events. A node with an earlier version reports no numbers. */
function cap({ deliveredToday, dailyCap, capNearFrom }) {
  if (!dailyCap || deliveredToday < capNearFrom) {
    return null;
  }
  const state = deliveredToday < dailyCap ? 'near' : 'reached';
  return message('warning', t(`live.state.cap.${state}`, number(deliveredToday), number(dailyCap)), t(`live.state.cap.${state}.text`));
}
