// Building the page from data. Data is set as text or as a property, never as markup.

import { t, tOr } from './texts.js';

export const byId = (id) => document.getElementById(`okp-${id}`);

/** An element with properties (`class`, `data-…` and `aria-…` as attributes) and children. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (key === 'class') {
      element.className = value;
    } else if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (key.includes('-') || key === 'role' || key === 'scope' || key === 'for' || key === 'colspan') {
      element.setAttribute(key, value);
    } else {
      element[key] = value;
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
}

/** dt/dd pairs; a value may be a text or an element, empty ones are left out. */
export function fillPairs(list, pairs) {
  const given = pairs.filter(([, value]) => value !== undefined && value !== null && value !== '');
  fill(list, given.map(([name, value]) => el('div', { class: 'okp-pair' }, el('dt', {}, name), el('dd', {}, value))));
}

/** A coloured word. Kinds: success, error, moved (a warning), current, new, or none. */
export function lozenge(text, kind) {
  return el('span', { class: `aui-lozenge${kind ? ` aui-lozenge-${kind}` : ''} aui-lozenge-subtle` }, text);
}

/** An AUI message. Kinds: info, success, warning, error. */
export function message(kind, title, ...body) {
  return el(
    'div',
    { class: `aui-message aui-message-${kind}` },
    title ? el('p', { class: 'title' }, el('strong', {}, title)) : null,
    body.map((part) => (part instanceof Node ? part : part ? el('p', {}, part) : null)),
  );
}

/** An error in words: what happened, what Okta calls it, what to give to its support. */
export function errorMessage(error, title = t('error.title')) {
  const facts = [
    error.code ? t('error.code', error.code, error.codeName) : '',
    error.oktaErrorCode ? t('error.okta', error.oktaErrorCode) : '',
    error.oktaRequestId ? t('error.request', error.oktaRequestId) : '',
  ].filter(Boolean);
  const small = facts.length ? el('p', { class: 'okp-subtle okp-error-facts' }, facts.join(' · ')) : null;
  return message('error', title, error.message, small);
}

let noticeTimer;

/** Something that was done, shown above the section for some seconds and read out. */
export function notice(text, kind = 'success') {
  clearTimeout(noticeTimer);
  fill(byId('notice'), message(kind, '', text));
  noticeTimer = setTimeout(() => fill(byId('notice')), 8000);
}

/** An error that belongs to no form, with what can be done about it; it stays until the next action. */
export function noticeError(error, ...actions) {
  clearTimeout(noticeTimer);
  const shown = errorMessage(error);
  shown.append(...actions);
  fill(byId('notice'), shown);
  if (document.activeElement === document.body) {
    // What was focused is gone with its section; the keyboard goes on here.
    shown.tabIndex = -1;
    shown.focus({ preventScroll: true });
  }
}

export function clearNotice() {
  clearTimeout(noticeTimer);
  fill(byId('notice'));
}

/** Reads a text out to those who listen to the page. */
export function announce(text) {
  byId('status').textContent = text;
}

/** Shows or clears the error below a field. */
export function fieldError(name, text) {
  const input = byId(name);
  const place = byId(`${name}-error`);
  place.textContent = text || '';
  place.hidden = !text;
  if (text) {
    input.setAttribute('aria-invalid', 'true');
  } else {
    input.removeAttribute('aria-invalid');
  }
}

/** Runs work with its button busy, without the notice of what was before; a second press while it runs does nothing. */
export async function busy(button, work) {
  if (button.getAttribute('aria-busy') === 'true') {
    return undefined;
  }
  clearNotice();
  button.setAttribute('aria-busy', 'true');
  button.classList.add('okp-busy');
  try {
    return await work();
  } finally {
    button.removeAttribute('aria-busy');
    button.classList.remove('okp-busy');
  }
}

/** Asks before something that cannot be taken back. */
export function confirm(title, text, yes) {
  const dialog = byId('dialog');
  byId('dialog-title').textContent = title;
  byId('dialog-text').textContent = text;
  byId('dialog-yes').textContent = yes;
  return new Promise((resolve) => {
    const decide = (decision) => () => {
      dialog.close(decision);
    };
    byId('dialog-yes').onclick = decide('yes');
    byId('dialog-no').onclick = decide('no');
    // AUI keeps Escape for its own layers, so the browser would not close this one.
    dialog.onkeydown = (event) => {
      if (event.key === 'Escape') {
        dialog.close();
      }
    };
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
    dialog.returnValue = '';
    dialog.showModal();
    byId('dialog-no').focus();
  });
}

/** What an Okta user is called. */
export function nameOf(okta) {
  return okta.displayName || [okta.firstName, okta.lastName].filter(Boolean).join(' ') || okta.login || okta.id;
}

/** Okta's status of a user, in its colour. Unknown ones show as Okta writes them. */
export function userStatus(status) {
  const kinds = {
    ACTIVE: 'success',
    PROVISIONED: 'new',
    STAGED: 'new',
    RECOVERY: 'current',
    PASSWORD_EXPIRED: 'moved',
    LOCKED_OUT: 'error',
    SUSPENDED: 'moved',
    DEPROVISIONED: '',
  };
  return lozenge(tOr(`status.${status}`, status), kinds[status]);
}

/** How an Okta user and a Jira user are tied. */
export function matchState(given) {
  const state = given.toLowerCase();
  const kinds = { matched: 'success', pinned: 'success', ambiguous: 'moved', okta_only: '', jira_only: '' };
  return lozenge(tOr(`match.${state}`, state), kinds[state]);
}
