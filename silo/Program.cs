using FlowGrain.Silo;
using FlowGrain.Silo.Api;
using FlowGrain.Silo.Observing;

if (Arguments.Answer(args, Console.Out, Console.Error) is { } answered) return answered;

return await Exit.CodeOf(() =>
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }); // its settings lie beside it
    builder.AddSiloOptions().AddSilo().AddApi().AddPages().AddTelemetry();

    var app = builder.Build();
    app.TraceFailedRequests();
    app.MapHealth();
    app.MapApi();
    app.MapPages();
    app.MapGrainPages();
    app.MapPrometheusScrapingEndpoint();
    app.BeginCounts();
    app.PrintReady();
    app.EndInTime();
    return app;
});
