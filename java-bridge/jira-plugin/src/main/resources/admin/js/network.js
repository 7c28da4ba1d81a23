// The way to Okta: what Jira's JVM says about proxy and certificates, and what the administrator puts in
// its place.

import { get, post } from './api.js';
import { busy, byId, errorMessage, fill, fillPairs, notice } from './dom.js';
import { t } from './texts.js';

export async function show() {
  const [connection, settings] = await Promise.all([get('api/connection'), get('api/settings')]);
  const network = connection.network || {};
  fillPairs(byId('network-facts'), [
    [t('network.in-force.proxy'), network.proxy || t('network.direct')],
    [t('network.in-force.no-proxy'), network.noProxy],
    [t('network.in-force.ca'), network.trust || t('network.ca.system')],
  ]);
  byId('proxy').value = settings.network?.proxy || '';
  byId('no-proxy').value = settings.network?.noProxy || '';
  byId('ca').value = settings.network?.caPem || '';
}

async function save() {
  try {
    await post('api/settings', {
      network: { proxy: byId('proxy').value.trim(), noProxy: byId('no-proxy').value.trim(), caPem: byId('ca').value.trim() },
    });
    notice(t('saved'));
    await show();
  } catch (error) {
    fill(byId('notice'), errorMessage(error));
  }
}

byId('network-form').addEventListener('submit', (event) => {
  event.preventDefault();
  busy(event.submitter, save);
});
