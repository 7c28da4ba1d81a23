// Requests to the servlets. An answer that is not a success becomes an ApiError with a message for people.

import { t } from './texts.js';

const root = document.getElementById('okta-profiles');

/** A refusal: `code`, `name` and `message` come from the engine or from the servlet. */
export class ApiError extends Error {
  constructor(status, error) {
    super(error.message || t('error.status', status));
    this.status = status;
    this.code = error.code || 0;
    this.codeName = error.name || '';
    this.retryAfterMs = error.retryAfterMs || 0;
    this.oktaErrorCode = error.oktaErrorCode || '';
    this.oktaRequestId = error.oktaRequestId || '';
    this.details = error;
    /** Whether the same request may succeed later: nobody answered, or something was busy or failed. */
    this.passes = status === 0 || status === 409 || status === 429 || status >= 500;
  }
}

/** The address of an endpoint with its parameters. Empty parameters are left out. */
export function address(path, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const query = new URLSearchParams(given).toString();
  return `${root.dataset.base}/${path}${query ? `?${query}` : ''}`;
}

export function get(path, parameters) {
  return answer(address(path, parameters), { headers: { Accept: 'application/json' } });
}

export function post(path, body = {}) {
  return answer(address(path), {
    method: 'POST',
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'X-Atlassian-Token': 'no-check',
    },
    body: JSON.stringify(body),
  });
}

async function answer(url, options) {
  let response;
  try {
    response = await fetch(url, { credentials: 'same-origin', cache: 'no-store', redirect: 'manual', ...options });
  } catch {
    throw new ApiError(0, { message: t('error.network') });
  }
  // A redirect leads to the login page, because the session has ended.
  if (response.type === 'opaqueredirect' || response.status === 401) {
    throw new ApiError(401, { message: t('error.session') });
  }
  const text = await response.text();
  let body = {};
  try {
    body = text ? JSON.parse(text) : {};
  } catch {
    throw new ApiError(response.status, { message: t('error.status', response.status) });
  }
  if (!response.ok) {
    throw new ApiError(response.status, body.error || {});
  }
  return body;
}
