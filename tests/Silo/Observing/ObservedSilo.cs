using FlowGrain.Bench.Observing;
using FlowGrain.Tests.Silo.Api;

namespace FlowGrain.Tests.Silo.Observing;

/// <summary>A silo that exports everything to a collector of the test, soon, and logs as JSON.</summary>
public sealed class ObservedSilo : OneSilo
{
    public ObservedSilo()
        : this(OtlpReceiver.Start().GetAwaiter().GetResult())
    {
    }

    private ObservedSilo(OtlpReceiver receiver)
        : base(
        [
            $"Otlp:Endpoint={receiver.Http}", "Otlp:Protocol=http/protobuf", "Otlp:Headers=x-key=secret", "Logging:Console:FormatterName=json", "Logging:LogLevel:FlowGrain=Debug",
            "OTEL_BSP_SCHEDULE_DELAY=100", "OTEL_METRIC_EXPORT_INTERVAL=500", "OTEL_BLRP_SCHEDULE_DELAY=100",
        ]) => Receiver = receiver;

    internal OtlpReceiver Receiver { get; }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}
