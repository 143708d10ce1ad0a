using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>One training run, from the first step to the published model. Key: the run's name, which is the model's too.</summary>
[Alias("flowgrain.training.IRunGrain")]
public interface IRunGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the run and returns once its data is read and its flow is built. An equal plan resumes where the run
    /// stopped, or does nothing when it runs or has finished; another plan makes the next version.
    /// </summary>
    /// <exception cref="BadInputException">The plan or its data cannot be used.</exception>
    /// <exception cref="RunConflictException">Another version of the run is training right now.</exception>
    [Alias("Start"), ResponseTimeout(LongCall.Timeout)]
    Task<RunProgress> Start(TrainingPlan plan, CancellationToken cancellation = default);

    /// <summary>Goes on with the newest version where it stopped; does nothing for one that trains or has finished. Repeating it does nothing.</summary>
    /// <param name="acceptClass">Whether it may go on in this silo's device class where it was begun in another; the run record then says from which round on, and its bits are those of neither class alone.</param>
    /// <param name="cancellation">Gives up; what was read may be read again.</param>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    /// <exception cref="BadInputException">It was begun in another device class, and nothing here computes in that; or its data can no longer be used.</exception>
    [Alias("Resume"), ResponseTimeout(LongCall.Timeout)]
    Task<RunProgress> Resume(bool acceptClass, CancellationToken cancellation = default);

    /// <summary>Goes on with a run that was training when its silo ended; does nothing for any other. Repeating it does nothing.</summary>
    [Alias("GoOn"), ResponseTimeout(LongCall.Timeout)]
    Task GoOn();

    /// <summary>Where the run is now. Cheap: answers from memory.</summary>
    [Alias("Progress"), Orleans.Concurrency.AlwaysInterleave]
    Task<RunProgress> Progress();

    /// <summary>Waits for progress beyond <paramref name="seen"/> (its <see cref="RunProgress.Sequence"/>), ten seconds at most.</summary>
    [Alias("WaitForProgress"), Orleans.Concurrency.AlwaysInterleave]
    Task<RunProgress> WaitForProgress(long seen, CancellationToken cancellation = default);

    /// <summary>The losses of the newest version so far, oldest first.</summary>
    [Alias("History"), Orleans.Concurrency.AlwaysInterleave]
    Task<ImmutableArray<LossPoint>> History();

    /// <summary>How a version went so far, and what befell it; without a version, the newest. Cheap while it trains.</summary>
    [Alias("Series"), Orleans.Concurrency.AlwaysInterleave]
    Task<RunSeries> Series(int? version);

    /// <summary>The plan of the newest version; null where there is none.</summary>
    [Alias("Plan"), Orleans.Concurrency.AlwaysInterleave]
    Task<TrainingPlan?> Plan();

    /// <summary>One version, the newest or an older one, as journal, disk and registry know it.</summary>
    /// <exception cref="NotFoundException">The run has no such version.</exception>
    [Alias("Version"), Orleans.Concurrency.AlwaysInterleave]
    Task<RunStanding> Version(int version);

    /// <summary>Stops after the running round and keeps a checkpoint; returns when it is on disk.</summary>
    [Alias("Stop"), Orleans.Concurrency.AlwaysInterleave, ResponseTimeout(LongCall.Timeout)]
    Task<RunProgress> Stop();

    /// <summary>Takes what the run has on a silo that is about to end to others, after the running round and with everything durable; returns when it is there. Repeating it does nothing.</summary>
    [Alias("Leave"), Orleans.Concurrency.AlwaysInterleave, ResponseTimeout(LongCall.Timeout)]
    Task Leave(string silo);

    /// <summary>What the newest version came to; null until it has finished.</summary>
    [Alias("Result"), Orleans.Concurrency.AlwaysInterleave]
    Task<RunResult?> Result();

    /// <summary>The finished model on the rows that <see cref="TrainingPlan.TestFraction"/> kept apart, beside a Gaussian and a kernel density estimate.</summary>
    /// <exception cref="BadInputException">The run has not finished, or kept no test rows.</exception>
    [Alias("Test"), ResponseTimeout(LongCall.Timeout)]
    Task<TestReport> Test(CancellationToken cancellation = default);

    /// <summary>Removes the run's journal and checkpoints; its published models stay.</summary>
    /// <exception cref="RunConflictException">The run is training.</exception>
    [Alias("Delete")]
    Task Delete();
}
