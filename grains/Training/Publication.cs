using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Flows.Engines;
using FlowGrain.Serving;

namespace FlowGrain.Training;

/// <summary>Measures the best weights of a run that is complete and writes its model folder.</summary>
internal sealed class Publication(RunParts parts, RunLoop loop, RoundLog rounds, ModelStore models, TimeProvider clock)
{
    private const long MostSolved = 10_000; // training rows whose mean is said where every one takes a solver

    /// <summary>Publishes; returns what the run came to.</summary>
    /// <param name="seconds">Time of this activation so far, from a function because measuring takes time too.</param>
    internal async Task<RunResult> Publish(Func<double> seconds)
    {
        var split = parts.Prepared.Data.Split;
        RequireBest(split);
        var (rate, mean) = (loop.Rate, loop.Rate.Mean);
        if (split.ValidationRows == 0) await Task.WhenAll(parts.Aggregators.Select(aggregator => Repeated.Call(() => aggregator.KeepBest(parts.Epoch, loop.State.Round), clock)));
        var train = await loop.Evaluate(ShardWork.TrainBest, split.TrainRows, IsSolved ? MostSolved : RunLoop.MostEvaluationRows);
        var validation = await loop.Evaluate(ShardWork.ValidateBest, split.ValidationRows, most: long.MaxValue);
        var test = await loop.Evaluate(ShardWork.TestBest, split.TestRows, most: long.MaxValue);
        var weights = await Weights();
        var (gaussian, testGaussian) = await DedicatedThread.Once("flowgrain-gaussian", () => (Gaussian(RowSide.Validation), Gaussian(RowSide.Test)));
        var error = await DedicatedThread.Once("flowgrain-precision", () => Precision(split, weights));
        var result = new RunResult(
            parts.Run, parts.Run, parts.Version, Rows(split), parts.Prepared.Flow.TableOrNumbers().Columns.Length, weights.Length,
            RunSchedule.StepsOf(parts.Plan, loop.State.Round), loop.State.Passes, train.Mean, validation.Mean, gaussian, rate.Rows == 0 ? 0 : mean, seconds(),
            ModelStore.Sha256(weights), parts.DeviceClass, models.PathOf(parts.Run, parts.Version));
        var golden = await DedicatedThread.Once("flowgrain-golden", () => Golden(weights));
        var columns = await DedicatedThread.Once("flowgrain-portrait", () => Portrait.Of(parts.Prepared, weights));
        var record = Record(result, validation, test) with { LogDensityError = error, TestGaussianNll = test.Rows == 0 ? null : testGaussian, Columns = columns };
        var reference = await DedicatedThread.Once("flowgrain-reference", () => HeldOutRows.Reference(parts.Prepared, weights));
        await Task.Run(() => models.Publish(new StoredModel(parts.Run, parts.Version, parts.Prepared.Flow, record, weights) { Golden = golden, Reference = reference }, rounds.Lines()));
        return result with { Seconds = seconds() };
    }

    /// <summary>Rows of the plan's data: those of a file beside it, which validates, are not among them.</summary>
    private long Rows(Split split) => split.Data.Rows - (parts.Plan.Data.Validation is null ? 0 : split.ValidationRows);

    /// <summary>Whether every log-density takes a solver.</summary>
    private bool IsSolved => parts.Prepared.Flow.Can().HasFlag(Flows.Capability.Numerical);

    private void RequireBest(Split split)
    {
        if (split.ValidationRows > 0 && !loop.State.Stopping.HasBest)
            throw new BadInputException($"Run '{parts.Run}' never reached a finite validation, so there are no weights to publish; try a lower --lr, or look for extreme values in the data.");
    }

    /// <summary>The best weights, from all ranges, as they hold them.</summary>
    private async Task<float[]> Weights()
    {
        const int MostAttempts = 3;

        var hash = await loop.HashOf(WeightKind.Best);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
            if (await Fetched() is var weights && WeightsHash.Of(WeightsHash.Blocks(weights).AsSpan()) == hash) return weights;
        throw new InvalidDataException($"The best weights of run '{parts.Run}' arrived damaged {MostAttempts} times; the network or the memory of a silo is faulty.");
    }

    private async Task<float[]> Fetched()
    {
        var weights = new float[parts.Prepared.Flow.Layout().Count];
        foreach (var (range, index) in Cut.Ranges(weights.Length, parts.Aggregators.Length).Select((range, index) => (range, index)))
        {
            foreach (var (chunk, number) in Cut.Chunks(range, planes: 1).Select((chunk, number) => (chunk, number)))
            {
                var block = await Repeated.Call(() => parts.Aggregators[index].Weights(parts.Epoch, loop.State.Round, WeightKind.Best, number), clock);
                block.Span.CopyTo(weights.AsSpan(chunk.Offset, chunk.Length));
            }
        }

        return weights;
    }

    /// <summary>Of validation rows, or training rows where there are none.</summary>
    private LogDensityError? Precision(Split split, float[] weights)
    {
        const int MostRows = 4096, MostSolvedFinely = 1024; // enough to tell one in a thousand
        var most = IsSolved ? MostSolvedFinely : MostRows;
        var side = split.ValidationRows > 0 ? RowSide.Validation : RowSide.Train;
        var (data, count) = (parts.Prepared.FlowRows(), (int)Math.Min(most, split.Count(side)));
        var rows = new double[count * data.Width];
        data.Gather(side, 0, count, rows);
        using var engine = FlowEngines.Create(parts.Prepared.Flow);
        weights.CopyTo(engine.Parameters);
        return LogDensityError.Of(engine, rows);
    }

    private GoldenRows Golden(float[] weights)
    {
        using var engine = FlowEngines.Create(parts.Prepared.Flow);
        weights.CopyTo(engine.Parameters);
        return GoldenRows.Of(engine);
    }

    private RunRecord Record(RunResult result, EvaluationSums validation, EvaluationSums test)
    {
        var (split, gaussian) = (parts.Prepared.Data.Split, parts.Prepared.Gaussian);
        return new RunRecord
        {
            Format = RunRecord.CurrentFormat,
            Result = result,
            Plan = parts.Plan,
            From = parts.Prepared.From,
            SpecHash = parts.Prepared.Flow.Hash(),
            DataRoot = parts.Prepared.Data.Dataset.Manifest.Root,
            TrainRows = split.TrainRows,
            ValidationRows = split.ValidationRows,
            TestRows = split.TestRows,
            TestNll = test.Rows == 0 ? null : test.Mean,
            RoundTripError = validation.RoundTripError,
            PlannedRounds = loop.State.Steps,
            TrainRowsHash = parts.Prepared.Data.Order.Hash,
            BestStep = split.ValidationRows == 0 ? loop.State.Round : loop.State.Stopping.BestStep,
            GaussianMean = [.. gaussian.Mean],
            GaussianCovariance = [.. gaussian.Covariance.Cast<double>()],
            Ranges = parts.Prepared.Ranges,
            Losses = [.. loop.State.History.Points],
            DeviceClasses = loop.State.DeviceClasses,
            Quarantined = loop.State.Quarantined,
        };
    }

    private double Gaussian(RowSide side) => new GaussianNll(parts.Prepared.Gaussian, parts.Prepared.Flow).Of(parts.Prepared.FlowRows(), parts.Prepared.Data.Split, side);
}
