using FlowGrain.Cli;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client;

public sealed class FaultTests
{
    public static TheoryData<Exception, int, string> Cases => new()
    {
        { new BadInputException("your.csv: row 3 is ragged."), ExitCode.Usage, "your.csv: row 3 is ragged." },
        { new RunConflictException("Run 'your' is busy."), ExitCode.Usage, "Run 'your' is busy." },
        { new AggregateException(new AggregateException(new BadInputException("wrapped twice"))), ExitCode.Usage, "wrapped twice" },
        { new IOException("No space left on device : '/data/x'"), ExitCode.Usage, "No space left on device : '/data/x'" },
        { new InvalidOperationException("first line\n   second"), ExitCode.Failed, "first line (add --verbose for the stack trace)" },
        { new OperationCanceledException(), ExitCode.Failed, "Interrupted." },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task An_exception_becomes_one_sentence_and_its_exit_code(Exception fault, int code, string sentence)
    {
        using var cli = new TestCli(new() { Fault = fault });
        Assert.Equal(code, await cli.Run("train", cli.Data));
        Assert.Equal(sentence, cli.Error.TrimEnd());
        Assert.Empty(cli.Out);
    }

    [Fact]
    public async Task Verbose_adds_the_stack_trace()
    {
        using var cli = new TestCli(new() { Fault = new InvalidOperationException("odd") });
        await cli.Run("train", cli.Data, "--verbose");
        Assert.Contains("   at FlowGrain", cli.Error);
    }

    [Fact]
    public async Task The_first_Ctrl_C_asks_and_the_second_ends_with_last_words()
    {
        List<string> ended = [];
        using var interrupts = new Interrupts(ended.Add) { LastWords = () => Task.FromResult("goodbye") };
        await interrupts.Take("Ctrl+C");
        Assert.Equal((true, 0), (interrupts.Requested.IsCancellationRequested, ended.Count));
        await interrupts.Take("Ctrl+C");
        Assert.Equal(["goodbye"], ended);
    }

    [Fact]
    public async Task Last_words_that_cannot_be_found_do_not_hold_up_the_end()
    {
        List<string> ended = [];
        using var interrupts = new Interrupts(ended.Add) { LastWords = () => new TaskCompletionSource<string>().Task };
        await interrupts.Take("SIGTERM");
        await interrupts.Take("SIGTERM");
        Assert.StartsWith("Ended at once;", Assert.Single(ended));
    }
}
