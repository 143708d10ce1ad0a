using FlowGrain.Silo.Api;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Tests.Silo.Api;

public sealed class FaultLogTests : ILogger<FaultLog>
{
    private readonly List<(LogLevel Level, string Message, Exception? Error)> _lines = [];

    [Fact]
    public void What_a_silo_failed_at_is_in_its_log_and_not_in_the_answer()
    {
        var error = new IOException("'/etc/flowgrain/secret' is no file.");
        var problem = new FaultLog(this).ProblemOf(error, "GET /api/v1/runs");
        Assert.Equal(500, problem.Status);
        Assert.Matches("^The silo failed; its log says how, under [0-9a-f]{32}\\.$", problem.Detail!);
        Assert.Equal([(LogLevel.Error, $"GET /api/v1/runs failed ({problem.Detail![^33..^1]}).", error)], _lines);
    }

    [Fact]
    public void Which_silo_did_not_answer_is_in_the_log_and_not_in_the_answer()
    {
        var error = new TimeoutException("S10.0.0.7:11111:1 did not answer.");
        Assert.Equal(503, new FaultLog(this).ProblemOf(error, "GET /api/v1/runs").Status);
        Assert.Equal([(LogLevel.Warning, "GET /api/v1/runs had no answer of a silo.", error)], _lines);
    }

    [Fact]
    public void A_fault_of_the_caller_is_answered_and_not_written_down()
    {
        Assert.Equal("There is no 'x'.", new FaultLog(this).ProblemOf(new BadInputException("There is no 'x'."), "GET /api/v1/runs").Detail);
        Assert.Empty(_lines);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add((logLevel, formatter(state, exception), exception));
}
