// Shows a flag on Jira's administration pages when a problem lasts. Jira puts this script into a batch with others,
// so it is written for old browsers. A user who closes the flag does not see it again until there is another cause.

(function () {
  'use strict';

  function isClosed(cause) {
    try {
      return window.localStorage.getItem('okta-profiles.closed.' + cause) !== null;
    } catch (e) {
      return false;
    }
  }

  function remember(cause) {
    try {
      window.localStorage.setItem('okta-profiles.closed.' + cause, '1');
    } catch (e) {
      // A browser that stores nothing shows the flag again.
    }
  }

  /** The context path of Jira, from its pages. */
  function contextPath() {
    var meta = document.querySelector('meta[name="ajs-context-path"]');
    return meta ? meta.getAttribute('content') : AJS.contextPath();
  }

  function element(name, className, text) {
    var made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function show(place, answer, notice) {
    var flag = element('div', 'aui-message aui-message-warning closeable okta-profiles-flag', '');
    flag.appendChild(element('p', 'title', notice.title));
    flag.appendChild(element('p', '', notice.text));
    var link = element('a', '', answer.open);
    link.href = answer.page;
    flag.appendChild(link);
    var close = element('button', 'aui-close-button', '');
    close.type = 'button';
    close.setAttribute('aria-label', answer.close);
    close.addEventListener('click', function () {
      remember(notice.cause);
      place.removeChild(flag);
    });
    flag.appendChild(close);
    place.appendChild(flag);
  }

  function showAll(answer) {
    var open = (answer.notices || []).filter(function (notice) {
      return !isClosed(notice.cause);
    });
    if (open.length > 0) {
      var place = element('div', 'okta-profiles-flags', '');
      place.setAttribute('role', 'region');
      place.setAttribute('aria-label', answer.name);
      document.body.appendChild(place);
      open.forEach(function (notice) {
        show(place, answer, notice);
      });
    }
  }

  function look() {
    // The page of Okta Profiles itself shows all of this, so it needs no flag.
    if (!document.getElementById('okta-profiles')) {
      var request = new XMLHttpRequest();
      request.open('GET', contextPath() + '/plugins/servlet/okta-profiles/notices');
      request.onload = function () {
        var isOurs = (request.getResponseHeader('Content-Type') || '').indexOf('application/json') === 0;
        if (request.status === 200 && isOurs) {
          showAll(JSON.parse(request.responseText));
        }
      };
      request.send();
    }
  }

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', look);
  } else {
    look();
  }
})();
