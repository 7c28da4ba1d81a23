// Connect with Okta: the authorization code flow, and until when Okta accepts us without another sign-in.

import { get, post } from './api.js';
import { busy, byId, errorMessage, fill, fillPairs, message } from './dom.js';
import { t, tOr, when } from './texts.js';

let connection = {};

export async function show() {
  connection = await get('api/connection');
  const oauth = connection.kind === 'oauth';
  const status = connection.status || {};
  fill(byId('connect-state'), outcome(), state(status));
  byId('sign-in').hidden = !oauth;
  fillPairs(byId('connect-facts'), [
    [t('connect.org'), connection.clientId ? connection.orgUrl : ''],
    [t('connect.client'), connection.clientId],
    [t('connect.scopes'), scopes(status.scopes)],
    [t('connect.access-expires'), status.accessTokenExpires ? when(status.accessTokenExpires) : ''],
    [t('connect.ends'), oauth && status.signInEnds ? when(status.signInEnds) : ''],
  ]);
}

function scopes(value) {
  return Array.isArray(value) ? value.join(' ') : value;
}

/** The result, if Okta has just sent the administrator back; the callback puts it into the address. */
function outcome() {
  const parameters = new URLSearchParams(location.hash.split('?')[1] || '');
  return parameters.has('connected') ? message('success', t('connect.done'), t('connect.done.next')) : null;
}

function state(status) {
  if (connection.kind !== 'oauth') {
    return null;
  }
  if (status.problem) {
    return message('error', t('connect.problem'), tOr(`connect.problem.${status.problem}`, t('connect.problem.other', status.problem)));
  }
  return status.signInWarning ? message('warning', t('connect.warning'), t('connect.warning.text', when(status.signInEnds))) : null;
}

/** Sends the administrator to Okta's sign-in again, with the stored client secret. */
async function authorize() {
  try {
    const { authorizeUrl } = await post('api/connection/oauth', { orgUrl: connection.orgUrl, clientId: connection.clientId });
    location.assign(authorizeUrl);
  } catch (error) {
    fill(byId('connect-state'), errorMessage(error));
  }
}

byId('authorize').addEventListener('click', () => busy(byId('authorize'), authorize));
