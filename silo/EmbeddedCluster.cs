using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Silo.Observing;
using FlowGrain.Training;

namespace FlowGrain.Silo;

/// <summary>A cluster of one silo inside this process: the same grains and the same hosting as the silo process, without a TCP port.</summary>
public sealed class EmbeddedCluster : IAsyncDisposable
{
    private readonly IHost _host;

    private EmbeddedCluster(IHost host) => _host = host;

    /// <summary>The way to its grains.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The parts of its silo.</summary>
    internal IServiceProvider Services => _host.Services;

    /// <summary>Starts a silo on a home folder that keeps its log to itself.</summary>
    /// <inheritdoc cref="Start(string, IReadOnlyList{string}, Action{ILoggingBuilder}, CancellationToken, string)" />
    public static Task<EmbeddedCluster> Start(string home, IReadOnlyList<string> settings, CancellationToken cancellation) =>
        Start(home, settings, logging: _ => { }, cancellation);

    /// <summary>Starts a silo on a home folder.</summary>
    /// <param name="home">The folder that is its Storage:Root.</param>
    /// <param name="settings">Further keys, as <c>Section:Key=value</c>; the environment is read too.</param>
    /// <param name="logging">Where its log goes, and from which level.</param>
    /// <param name="cancellation">Gives up starting.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A key has a value that cannot be used.</exception>
    /// <param name="runsElsewhere">Where the runs of this home stand, as the sentence that refuses what needs them here; null where they stand in the home.</param>
    public static Task<EmbeddedCluster> Start(string home, IReadOnlyList<string> settings, Action<ILoggingBuilder> logging, CancellationToken cancellation, string? runsElsewhere = null) =>
        Start(home, settings, logging, services => Journal(services, runsElsewhere), cancellation);

    /// <summary>Starts a silo of which some parts are others than usual.</summary>
    internal static async Task<EmbeddedCluster> Start(
        string home, IReadOnlyList<string> settings, Action<ILoggingBuilder> logging, Action<IServiceCollection> parts, CancellationToken cancellation)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Args = null });
        builder.Configuration.AddEnvironmentVariables().AddCommandLine([.. settings.Select(setting => $"--{setting}")]);
        builder.Configuration[$"{StorageOptions.Section}:{nameof(StorageOptions.Root)}"] = home;
        builder.Configuration[$"{DataOptions.Section}:{nameof(DataOptions.Roots)}:0"] = "/"; // it reads what its user can
        logging(Filtered(builder.Logging));
        parts(builder.Services); // first: the features add what is not there
        builder.AddOtlp();
        builder.UseOrleans(silo => silo.UseLocalhostClustering().WithoutNetwork().AddFlowGrain());
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellation);
            return new EmbeddedCluster(host);
        }
        catch (Exception error)
        {
            host.Dispose();
            if (error is not OperationCanceledException && cancellation.IsCancellationRequested) throw new OperationCanceledException(error.Message, error, cancellation); // Orleans has a word of its own for it
            throw;
        }
    }

    private static void Journal(IServiceCollection services, string? runsElsewhere)
    {
        if (runsElsewhere is not null) services.AddSingleton<IRunJournal>(new JournalElsewhere(runsElsewhere));
    }

    private static ILoggingBuilder Filtered(ILoggingBuilder logging) => logging
        .AddFilter("Orleans", LogLevel.Error) // it warns of every process without a server GC, and of stalls that are none
        .AddFilter("Polly", LogLevel.Warning)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // what it says is thrown too

    /// <summary>Stops the silo; running runs keep their checkpoint.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
