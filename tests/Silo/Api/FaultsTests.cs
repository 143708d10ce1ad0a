using FlowGrain.Serving;
using FlowGrain.Silo.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Silo.Api;

/// <summary>Whether asking again may help stands in the answer.</summary>
public sealed class FaultsTests
{
    [Theory, InlineData("/api/v1/models/m/samples"), InlineData("/v2/models/m/infer")]
    public async Task Silos_that_do_not_answer_one_another_say_when_to_ask_again_and_a_model_that_was_unloaded_does_not(string path)
    {
        Assert.Equal((503, "1"), await Answer(path, new TimeoutException("No answer.")));
        Assert.Equal((429, "1"), await Answer(path, new OverloadedException("Too many.")));
        Assert.Equal((503, ""), await Answer(path, new UnavailableException("It is unloaded.")));
    }

    [Fact]
    public void What_orleans_says_of_a_silo_that_does_not_answer_is_not_for_clients()
    {
        const string Sentence = "A silo of the cluster did not answer; ask again in a second.";

        Assert.Equal(Sentence, Faults.Of(new TimeoutException("Response did not arrive on time in 00:00:30 for S10.0.0.7:11111:1*grn/Model/m.")).Detail);
        Assert.Equal(Sentence, Faults.Of(new SiloUnavailableException("S10.0.0.7:11111:1 is gone.")).Detail);
    }

    private static async Task<(int Status, string RetryAfter)> Answer(string path, Exception fault)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services, Request = { Path = path } };
        await Faults.Answer(context, Faults.Of(fault));
        return (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString());
    }
}
