// Shows the API's description with Swagger UI.

const place = document.getElementById('api-docs');

if (place && window.SwaggerUIBundle) {
  place.replaceChildren();
  window.SwaggerUIBundle({
    url: place.dataset.source,
    domNode: place,
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
  });
}
