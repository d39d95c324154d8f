using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>
/// Says which key is wrong and what to write. It does not look at the instances: one that cannot work is one instance's
/// trouble, not the host's.
/// </summary>
internal sealed class GreenApiOptionsValidator : IValidateOptions<GreenApiOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, GreenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var check = new OptionsCheck("GreenApi");
        check.RequireBetween("ReceiveTimeout", options.ReceiveTimeout, GreenApiOptions.MinReceiveTimeout, GreenApiOptions.MaxReceiveTimeout);
        check.Require(options.ReceiveTimeout.Ticks % TimeSpan.TicksPerSecond == 0, "ReceiveTimeout", "is not a number of whole seconds. Write 00:00:20, for example.");
        check.RequireBetween("FirstRetryDelay", options.InitialRetryDelay, TimeSpan.FromMilliseconds(100), Minute);
        check.RequireBetween("LongestRetryDelay", options.MaxRetryDelay, Second, 10 * Minute);
        check.Require(options.MaxRetryDelay >= options.InitialRetryDelay, "LongestRetryDelay", "is shorter than FirstRetryDelay. Write a longer one.");
        check.RequireBetween("CallerNameTimeout", options.CallerNameRequestTimeout, Second, Minute);
        check.RequireBetween("CallerNamesPause", options.CallerNameQuotaPause, Minute, TimeSpan.FromDays(1));
        check.RequireBetween("CallerNamesPerSecond", options.CallerNamesPerSecond, 1, 10);
        return check.Result;
    }
}
