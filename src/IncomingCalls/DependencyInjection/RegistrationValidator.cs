using IncomingCalls.Handling;
using IncomingCalls.Policies;
using IncomingCalls.Shared;
using Microsoft.Extensions.Options;

namespace IncomingCalls.DependencyInjection;

/// <summary>Validates that the registrations are consistent, when the host starts rather than at the first call.</summary>
internal sealed class RegistrationValidator(IEnumerable<CallHandlerRegistration> handlers, IEnumerable<CustomPolicyMarker> customPolicy) : IValidateOptions<IncomingCallsOptions>
{
    public ValidateOptionsResult Validate(string? name, IncomingCallsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> failures = [];
        foreach (var duplicates in handlers.GroupBy(handler => handler.Name).Where(group => group.Count() > 1))
        {
            failures.Add($"Several handlers have the name '{duplicates.Key}': {string.Join(" and ", duplicates.Select(handler => handler.Type.Name))}. Give each handler a unique name: AddHandler<T>(\"name\").");
        }

        foreach (var handler in handlers)
        {
            var check = new OptionsCheck($"Handler '{handler.Name}'");
            if (handler.Timeout is { } timeout)
            {
                check.RequireBetween("Timeout", timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
            }

            check.RequireBetween("UnansweredSettleTime", handler.UnansweredSettleTime, TimeSpan.Zero, TimeSpan.FromMinutes(10));
            check.RequireBetween("MaxPause", handler.MaxPause, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
            if (handler.RateLimit is { } limit)
            {
                check.Require(limit.Permits is >= 1 and <= 10_000, "RateLimit:Permits", $"is {limit.Permits}. Write a number from 1 to 10,000; to stop a handler, remove it.");
                check.Require(limit.Burst is >= 1 and <= 10_000, "RateLimit:Burst", $"is {limit.Burst}. Write a number from 1 to 10,000.");
                if (check.RequireBetween("RateLimit:Period", limit.Period, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(24)) && limit.Permits > 0)
                {
                    check.Require(
                        limit.Interval >= TimeSpan.FromMilliseconds(1) && limit.Interval <= TimeSpan.FromHours(1),
                        "RateLimit",
                        $"has {limit.Permits} permits in {limit.Period}. One permit must be free at least every hour and at most every millisecond.");
                }
            }

            check.RequireDelays("RetryDelays", handler.RetryDelays);
            foreach (var kind in handler.Kinds ?? new HashSet<CallEventKind>())
            {
                check.Require(Enum.IsDefined(kind), "Kinds", $"contains {kind}, which is not a kind of event. Use the values of CallEventKind.");
            }

            foreach (var direction in handler.Directions)
            {
                check.Require(Enum.IsDefined(direction), "Directions", $"contains {direction}, which is not a direction. Use the values of CallDirection.");
            }

            failures.AddRange(check.Result.Failures ?? []);
        }

        if (customPolicy.Any() && (options.Scenario is not null || options.InstanceScenarios is { Count: > 0 }))
        {
            failures.Add("UsePolicy and a scenario are both set, but they exclude each other. Remove IncomingCalls:Scenario and IncomingCalls:InstanceScenarios (UseScenario in code), or remove UsePolicy.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
