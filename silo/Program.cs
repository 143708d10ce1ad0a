using FlowGrain.Silo;

var builder = WebApplication.CreateBuilder(args);
builder.AddSiloOptions().AddSilo().AddTelemetry();

var app = builder.Build();
app.MapHealth();
app.MapPrometheusScrapingEndpoint();

return await app.RunToExitCode();
