namespace FlowGrain.Training.Chronicles;

/// <summary>How a run goes: a point for every 1, 2, 4, … rounds, so that there are a thousand at most, and what befell it. Lives in the turns of the run grain.</summary>
internal sealed class Chronicle
{
    private const int MostPoints = 1000;
    private const int MostMarks = 500;

    private readonly ChronicleFile _file;
    private readonly string _run;
    private readonly int _version;
    private readonly TimeProvider _clock;
    private readonly List<ChroniclePoint> _points = [];
    private readonly List<ValidationMark> _validations = [];
    private readonly Queue<RunMark> _marks;
    private int _stride = 1; // rounds of a full point

    private Chronicle(ChronicleFile file, string run, int version, TimeProvider clock)
    {
        (_file, _run, _version, _clock) = (file, run, version, clock);
        var before = file.Read(run, version);
        _points.AddRange(before.Step.Select((_, index) => ChroniclePoint.Of(before, index)));
        _validations.AddRange(before.Validation);
        _marks = new(before.Marks);
        if (_points.Count > 0) _stride = _points.Max(point => point.Rounds);
    }

    /// <summary>Goes on with what was kept of a version of a run.</summary>
    internal static Task<Chronicle> Open(ChronicleFile file, string run, int version, TimeProvider clock) => Task.Run(() => new Chronicle(file, run, version, clock));

    /// <summary>Whether nothing is known of the run.</summary>
    internal bool IsEmpty => _marks.Count == 0;

    /// <summary>As it is now.</summary>
    internal RunSeries Series => ChroniclePoint.Series(_points, _validations, _marks);

    private double Now => _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>Adds a round.</summary>
    internal void Add(long step, double nats, double learningRate, double rowsPerSecond, double gradientNorm, double straggler)
    {
        var round = ChroniclePoint.Of(step, Now, nats, learningRate, rowsPerSecond, gradientNorm, straggler);
        if (_points is [.., var last] && last.Rounds < _stride) _points[^1] = last.Then(round);
        else _points.Add(round);
        if (_points.Count <= MostPoints) return;
        Halve(_points, (first, second) => first.Then(second));
        _stride *= 2;
    }

    /// <summary>Adds a validation, in place of one of the same step: a run that begins with a model validates before its first, and may begin again.</summary>
    internal void Validated(long step, double nats)
    {
        _validations.RemoveAll(validation => validation.Step == step);
        _validations.Add(new ValidationMark(step, Now, nats));
        if (_validations.Count > MostPoints) Halve(_validations, (_, second) => second);
    }

    /// <summary>Adds what befell the run.</summary>
    internal void Mark(long step, MarkKind kind, string sentence)
    {
        _marks.Enqueue(new RunMark(step, Now, kind, sentence));
        while (_marks.Count > MostMarks) _marks.Dequeue();
    }

    /// <summary>Forgets the rounds behind a step, which are made again; what befell the run stays.</summary>
    internal void RewindTo(long step)
    {
        _points.RemoveAll(point => point.Step > step);
        _validations.RemoveAll(validation => validation.Step > step);
    }

    /// <summary>What writes it to disk as it is now, on any thread.</summary>
    /// <exception cref="DiskFullException">There is no room for it.</exception>
    internal Action Saving()
    {
        var series = Series;
        return () => _file.Write(_run, _version, series);
    }

    private static void Halve<T>(List<T> list, Func<T, T, T> merge)
    {
        List<T> halved = [.. list.Chunk(2).Select(pair => pair.Aggregate(merge))];
        list.Clear();
        list.AddRange(halved);
    }
}
