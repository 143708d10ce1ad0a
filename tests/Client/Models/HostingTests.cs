using System.Collections.Concurrent;
using FlowGrain.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Client.Models;

/// <summary>The client in a host.</summary>
public sealed class HostingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_fault_of_its_options_is_said_when_the_host_starts()
    {
        using var host = Host(("FlowGrain:Url", "silo/8080"), ("FlowGrain:ApiKey", "two words"), ("FlowGrain:Patience", "00:00:00"), ("FlowGrain:Concurrency", "0"), ("FlowGrain:CallRows", "100000"));
        var faults = (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation))).Failures.ToList();
        Assert.Equal(
            [
                "FlowGrain:Url is 'silo/8080', which is no address of a silo; give one such as http://127.0.0.1:8080.",
                "FlowGrain:ApiKey has a space, a line end or a letter beyond ASCII in it; give the key as it was made.",
                "FlowGrain:Patience is 00:00:00; take more than nothing and at most 1.00:00:00.",
                "FlowGrain:Concurrency is 0; take 1 to 64.",
                "FlowGrain:CallRows is 100000; take 1 to 65536.",
            ],
            faults);
    }

    [Fact]
    public async Task A_host_without_an_address_needs_an_Orleans_client()
    {
        using var host = Host(("FlowGrain:ApiKey", "secret"));
        var faults = (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation))).Failures.ToList();
        Assert.Equal(2, faults.Count);
        Assert.StartsWith("FlowGrain:Url is not set and this host has no Orleans client;", faults[0], StringComparison.Ordinal);
        Assert.StartsWith("FlowGrain:ApiKey is set without FlowGrain:Url;", faults[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_setting_is_refused()
    {
        using var host = Host(("FlowGrain:Url", "http://silo:8080"), ("FlowGrain:Patince", "00:00:01"));
        Assert.Contains("Patince", (await Assert.ThrowsAnyAsync<InvalidOperationException>(() => host.StartAsync(Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_code_sets_stands_above_the_configuration()
    {
        using var host = Host(options => options.Concurrency = 7, ("FlowGrain:Url", "http://silo:8080"), ("FlowGrain:Concurrency", "5"));
        var options = host.Services.GetRequiredService<IOptions<FlowGrainClientOptions>>().Value;
        Assert.Equal((7, new Uri("http://silo:8080")), (options.Concurrency, options.Url));
    }

    [Fact]
    public void A_model_is_a_keyed_service_under_its_name()
    {
        using var host = Host(("FlowGrain:Url", "http://silo:8080"));
        var asking = ActivatorUtilities.CreateInstance<Asking>(host.Services);
        Assert.Equal(new ModelReference("prices", null, "champion"), Assert.IsAssignableFrom<IFlowGrainModel>(asking.Density).Reference);
        Assert.Equal(new ModelReference("diamonds", 3), Assert.IsAssignableFrom<IFlowGrainModel>(asking.Sampler).Reference);
    }

    [Fact]
    public async Task The_key_is_shown_to_the_silo_and_to_no_log()
    {
        var (seen, log) = (new Recorder(), new AllLog());
        var services = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)).AddFlowGrainClient(options => (options.Url, options.ApiKey) = (new("https://silo/behind"), "sesame-open"));
        services.AddHttpClient(FlowGrainClientOptions.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => seen);
        await using var provider = services.BuildServiceProvider();
        await Assert.ThrowsAsync<NotFoundException>(() => provider.GetRequiredService<IFlowGrainClient>().Model("m@champion").Describe(Cancellation));
        Assert.Equal(("Bearer sesame-open", "https://silo/behind/api/v1/models/m?version=champion"), (seen.Key, seen.Address));
        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains("sesame", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_that_is_none_is_bad_input()
    {
        using var host = Host(("FlowGrain:Url", "http://silo:8080"));
        Assert.Throws<BadInputException>(() => host.Services.GetRequiredService<IFlowGrainClient>().Model("m@"));
    }

    private static IHost Host(params (string Key, string Value)[] settings) => Host(configure: null, settings);

    private static IHost Host(Action<FlowGrainClientOptions>? configure, params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddFlowGrainClient().AddFlowGrainClient(configure); // twice does no harm
        return builder.Build();
    }

    private sealed class Asking([FromKeyedServices("prices@champion")] ILogDensity density, [FromKeyedServices("diamonds@3")] ISampler sampler)
    {
        internal ILogDensity Density => density;

        internal ISampler Sampler => sampler;
    }

    private sealed class Recorder : HttpMessageHandler
    {
        internal string? Key { get; private set; }

        internal string? Address { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Key, Address) = ($"{request.Headers.Authorization}", $"{request.RequestUri}");
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.NotFound) { RequestMessage = request });
        }
    }

    private sealed class AllLog : ILoggerProvider, ILogger
    {
        internal ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
