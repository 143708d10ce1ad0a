namespace FlowGrain.Training;

/// <summary>The key of a worker: <c>run/silo/slot</c>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Silo">The silo that it lives on, as <see cref="SiloAddress.ToParsableString"/> writes it.</param>
/// <param name="Slot">Index of the silo's device slot.</param>
internal readonly record struct WorkerKey(string Run, string Silo, int Slot)
{
    /// <summary>Reads a key.</summary>
    internal static WorkerKey Parse(string key) => key.Split('/') is [var run, var silo, var slot]
        ? new WorkerKey(run, silo, int.Parse(slot, System.Globalization.CultureInfo.InvariantCulture))
        : throw new ArgumentException($"'{key}' is no key of a worker; it must be run/silo/slot.");

    /// <summary>The key as text.</summary>
    public override string ToString() => $"{Run}/{Silo}/{Slot}";
}
