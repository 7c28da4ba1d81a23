// The way to Okta: the proxy and certificates of Jira's JVM, and the administrator's own settings instead of these.
// Null means "as the JVM", an empty text means "none".

import { get, post } from './api.js';
import { busy, byId, fillPairs, notice, noticeError } from './dom.js';
import { t } from './texts.js';

export async function show() {
  const [connection, settings] = await Promise.all([get('api/connection'), get('api/settings')]);
  const inForce = connection.network || {};
  const own = settings.network || {};
  fillPairs(byId('network-facts'), [
    [t('network.in-force.proxy'), inForce.proxy || t('network.direct')],
    [t('network.in-force.no-proxy'), inForce.noProxy],
    [t('network.in-force.ca'), inForce.caFile || t('network.ca.system')],
  ]);
  byId('own-proxy').checked = own.proxy !== null && own.proxy !== undefined;
  byId('proxy').value = own.proxy || '';
  byId('no-proxy').value = own.noProxy || '';
  byId('own-ca').checked = own.caFile !== null && own.caFile !== undefined;
  byId('ca').value = own.caFile || '';
  showOwn();
}

function showOwn() {
  byId('own-proxy-fields').hidden = !byId('own-proxy').checked;
  byId('own-ca-fields').hidden = !byId('own-ca').checked;
}

async function save() {
  const proxy = byId('own-proxy').checked;
  const network = {
    proxy: proxy ? byId('proxy').value.trim() : null,
    noProxy: proxy ? byId('no-proxy').value.trim() : null,
    caFile: byId('own-ca').checked ? byId('ca').value.trim() : null,
  };
  try {
    await post('api/settings', { network });
    await show();
    notice(t('saved'));
  } catch (error) {
    noticeError(error);
  }
}

byId('own-proxy').addEventListener('change', showOwn);
byId('own-ca').addEventListener('change', showOwn);
byId('network-form').addEventListener('submit', (event) => {
  event.preventDefault();
  busy(event.submitter, save);
});
