// The key of a service app: pasted, read from a file, or made here. Okta gets its public part. The private part
// goes to the server and is never returned.

import { post } from './api.js';
import { announce, busy, byId, fieldError } from './dom.js';
import { t } from './texts.js';

/** The largest key file; a key has some kilobytes. */
const MOST_BYTES = 64 * 1024;

let made = false;

/** Whether a key was made here and is not in force yet. */
export const isMade = () => made;

export function forgetKey() {
  made = false;
  byId('public').hidden = true;
}

/** Shows the public part. Returns its id; nothing if it has none. */
async function show(body) {
  fieldError('private-key', '');
  try {
    const { jwk, keyId } = await post('api/connection/service-key', body);
    byId('public-key').value = JSON.stringify(jwk, null, 2);
    byId('public').hidden = false;
    return keyId;
  } catch (error) {
    byId('public').hidden = true;
    fieldError('private-key', error.message);
    return null;
  }
}

async function make() {
  const keyId = await show({});
  if (keyId) {
    made = true;
    byId('private-key').value = '';
    byId('key-id').value = keyId;
    byId('public-key').focus();
    announce(t('credentials.key.made'));
  }
}

/** Shows the public part of the pasted key, for an administrator who has not added it in Okta yet. */
async function derive() {
  const privateKey = byId('private-key').value.trim();
  if (privateKey !== '') {
    made = false;
    await show({ privateKey });
  }
}

async function read(file) {
  if (file && file.size <= MOST_BYTES) {
    byId('private-key').value = await file.text();
    await derive();
  } else if (file) {
    fieldError('private-key', t('credentials.key.too-large'));
  }
}

async function copy() {
  try {
    await navigator.clipboard.writeText(byId('public-key').value);
  } catch {
    byId('public-key').select();
    announce(t('credentials.redirect.select'));
    return;
  }
  announce(t('credentials.redirect.copied'));
}

byId('key-make').addEventListener('click', () => busy(byId('key-make'), make));
byId('key-file').addEventListener('change', () => read(byId('key-file').files[0]));
byId('private-key').addEventListener('change', derive);
byId('public-copy').addEventListener('click', copy);
