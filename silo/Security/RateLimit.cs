using System.Globalization;
using System.Threading.RateLimiting;
using FlowGrain.Silo.Api;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Security;

/// <summary>Answers 429 to who asks more often than Limits allows: each key has a bucket of tokens, those without one have a bucket for each address.</summary>
internal sealed class RateLimit(RequestDelegate next, RateLimits limits)
{
    public async Task Invoke(HttpContext context)
    {
        var caller = context.Features.Caller()!;
        using var lease = limits.Take(caller);
        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        await Faults.Answer(context, Faults.Problem(StatusCodes.Status429TooManyRequests, "Too many requests", $"{caller.Subject} asks more often than this silo allows ({limits.Sentence}); ask again in {wait} s."));
    }
}

/// <summary>The buckets of all callers. Those that are full again are forgotten.</summary>
internal sealed class RateLimits : IDisposable
{
    private readonly PartitionedRateLimiter<Caller> _buckets;

    public RateLimits(IOptions<LimitsOptions> options)
    {
        var (rate, burst) = (options.Value.RequestsPerSecond, options.Value.Burst ?? options.Value.RequestsPerSecond);
        Sentence = $"Limits:RequestsPerSecond is {rate}";
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(1, burst),
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / Math.Max(1, rate)),
            AutoReplenishment = false, // one timer fills them all
        };
        _buckets = PartitionedRateLimiter.Create<Caller, string>(caller => rate == 0 ? RateLimitPartition.GetNoLimiter("") : RateLimitPartition.GetTokenBucketLimiter(caller.Budget, _ => bucket));
    }

    /// <summary>The limit, for people.</summary>
    internal string Sentence { get; }

    /// <summary>Takes one token of a caller's.</summary>
    internal RateLimitLease Take(Caller caller) => _buckets.AttemptAcquire(caller);

    public void Dispose() => _buckets.Dispose();
}
