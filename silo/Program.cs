using FlowGrain.Silo;

return await Exit.CodeOf(() =>
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }); // its settings lie beside it
    builder.AddSiloOptions().AddSilo().AddTelemetry();

    var app = builder.Build();
    app.MapHealth();
    app.MapPrometheusScrapingEndpoint();
    app.PrintReady();
    return app;
});
