using FlowGrain.Silo;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddSiloOptions().AddSilo().AddTelemetry();

var app = builder.Build();
app.MapHealth();
app.MapPrometheusScrapingEndpoint();

return await app.RunToExitCode();
