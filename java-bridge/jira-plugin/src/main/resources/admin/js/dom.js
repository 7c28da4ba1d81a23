// Builds the page from data. Data is set as text or as a property, and never as markup.

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

/** Fills a list with dt/dd pairs. A value may be a text or an element; pairs with an empty value are left out. */
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

/** An error in words: what happened, Okta's name for it, and what Okta's support needs to know. */
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

/** Shows for some seconds that something was done, above the section, and has it read out. */
export function notice(text, kind = 'success') {
  clearTimeout(noticeTimer);
  fill(byId('notice'), message(kind, '', text));
  noticeTimer = setTimeout(() => fill(byId('notice')), 8000);
}

/** Shows an error that belongs to no form, with what can be done about it. It stays until the next action. */
export function noticeError(error, ...actions) {
  clearTimeout(noticeTimer);
  const shown = errorMessage(error);
  shown.append(...actions);
  fill(byId('notice'), shown);
  if (document.activeElement === document.body) {
    // The focused element disappeared with its section, so the keyboard continues here.
    shown.tabIndex = -1;
    shown.focus({ preventScroll: true });
  }
}

export function clearNotice() {
  clearTimeout(noticeTimer);
  fill(byId('notice'));
}

/** Has a screen reader read a text out. */
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

/**
 * Runs work while its button is busy, and removes the earlier notice. Pressing the button again meanwhile does
 * nothing.
 */
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

/** Asks the user before an action that cannot be undone. */
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
    // AUI uses Escape for its own layers, so the browser would not close this dialog.
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

/** Okta's status of a user, in its colour. An unknown status is shown as Okta writes it. */
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

/** The match state of a user. */
export function matchState(given) {
  const state = given.toLowerCase();
  const kinds = { matched: 'success', pinned: 'success', ambiguous: 'moved', okta_only: '', jira_only: '' };
  return lozenge(tOr(`match.${state}`, state), kinds[state]);
}
