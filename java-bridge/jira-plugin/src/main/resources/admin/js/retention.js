// What is kept of Okta in Jira: whose profiles, which attributes of them, which groups, and who manages whom.

import { get, post } from './api.js';
import { busy, byId, notice, noticeError } from './dom.js';
import { t } from './texts.js';

const words = (list) => (list || []).join(', ');
const list = (text) => text.split(',').map((word) => word.trim()).filter(Boolean);

export async function show() {
  const settings = await get('api/settings');
  byId(settings.retain === 'matched' ? 'retain-matched' : 'retain-all').checked = true;
  byId('keep').value = words(settings.attributesKeep);
  byId('drop').value = words(settings.attributesDrop);
  byId('groups').checked = settings.groups.sync;
  for (const box of types()) {
    box.checked = settings.groups.types.length === 0 || settings.groups.types.includes(box.value);
  }
  byId('group-prefix').value = settings.groups.namePrefix;
  byId('manager').value = settings.managers.attribute;
  byId('manager-refers').value = settings.managers.refersTo;
  showGroups();
}

const types = () => [...document.querySelectorAll('#okp-group-fields input[type=checkbox]')];

function showGroups() {
  byId('group-fields').hidden = !byId('groups').checked;
}

async function save() {
  if (byId('groups').checked && !types().some((box) => box.checked)) {
    // To the engine no type means every type, which nobody means who has just unchecked them all.
    notice(t('keep.groups.none'), 'warning');
    types()[0].focus();
    return;
  }
  try {
    await post('api/settings', {
      retain: byId('retain-matched').checked ? 'matched' : 'all',
      attributesKeep: list(byId('keep').value),
      attributesDrop: list(byId('drop').value),
      groups: {
        sync: byId('groups').checked,
        types: types().filter((box) => box.checked).map((box) => box.value),
        namePrefix: byId('group-prefix').value.trim(),
      },
      managers: { attribute: byId('manager').value.trim(), refersTo: byId('manager-refers').value.trim() },
    });
    notice(t('keep.saved'));
  } catch (error) {
    noticeError(error);
  }
}

byId('groups').addEventListener('change', showGroups);
byId('keep-form').addEventListener('submit', (event) => {
  event.preventDefault();
  busy(event.submitter, save);
});
