// Where a page can't be reached, the page kept at installing is shown instead. Nothing else is kept, and no other answer is touched.
'use strict';
const PAGE = "{% url 'offline' %}";
const FILES = [{% for file in files %}"{{ file|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
// Another page is another cache: the one before goes when this worker takes over.
const KEPT = 'offline-{{ version|escapejs }}';

// Without cookies: the page is nobody's.
function keep(cache, address) {
  return fetch(new Request(address, { credentials: 'omit', cache: 'no-cache' })).then((answer) => {
    if (!answer.ok || answer.redirected) throw new Error(address);
    return cache.put(address, answer);
  });
}

function kept(address) {
  return caches.open(KEPT).then((cache) => cache.match(address, { ignoreVary: true }));
}

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(KEPT).then((cache) => Promise.all([PAGE, ...FILES].map((address) => keep(cache, address)))).then(() => self.skipWaiting())
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))
  );
});

self.addEventListener('fetch', (event) => {
  const asked = event.request, address = new URL(asked.url);
  if (asked.method !== 'GET' || address.origin !== self.location.origin) return;
  if (asked.mode === 'navigate') {
    event.respondWith(fetch(asked).catch(() => kept(PAGE).then((page) => page || Response.error())));
  } else if (FILES.includes(address.pathname)) {
    event.respondWith(fetch(asked).catch(() => kept(address.pathname).then((file) => file || Response.error())));
  }
});
