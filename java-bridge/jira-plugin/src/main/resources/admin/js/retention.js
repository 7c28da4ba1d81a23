// What Jira keeps of Okta: whose profiles, which attributes, which groups, and who manages whom.

import { get, post } from './api.js';
import { busy, byId, notice, noticeError } from './dom.js';
import { settingsOf, showSettings } from './setting_fields.js';
import { t } from './texts.js';

const form = byId('keep-form');

export async function show() {
  showSettings(form, await get('api/settings'));
  showGroups();
}

const types = () => [...document.querySelectorAll('#okp-group-fields input[type=checkbox]')];

function showGroups() {
  byId('group-fields').hidden = !byId('groups').checked;
}

async function save() {
  if (byId('groups').checked && !types().some((box) => box.checked)) {
    // For the engine no type means every type. An administrator who has just unchecked all of them does not mean
    // that.
    notice(t('keep.groups.none'), 'warning');
    types()[0].focus();
    return;
  }
  try {
    await post('api/settings', settingsOf(form));
    notice(t('keep.saved'));
  } catch (error) {
    noticeError(error);
  }
}

byId('groups').addEventListener('change', showGroups);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  busy(event.submitter, save);
});
