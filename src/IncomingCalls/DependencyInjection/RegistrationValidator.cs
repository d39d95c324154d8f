using IncomingCalls.Handling;
using IncomingCalls.Policies;
using IncomingCalls.Shared;
using Microsoft.Extensions.Options;

namespace IncomingCalls.DependencyInjection;

/// <summary>Finds registrations that cannot work together, when the host starts rather than at the first call.</summary>
internal sealed class RegistrationValidator(IEnumerable<CallHandlerRegistration> handlers, IEnumerable<CustomPolicyMarker> ownPolicy) : IValidateOptions<IncomingCallsOptions>
{
    public ValidateOptionsResult Validate(string? name, IncomingCallsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> failures = [];
        foreach (var same in handlers.GroupBy(handler => handler.Name).Where(group => group.Count() > 1))
        {
            failures.Add($"Two handlers have the name '{same.Key}': {string.Join(" and ", same.Select(handler => handler.Type.Name))}. Give each a name of its own: AddHandler<T>(\"name\").");
        }

        foreach (var handler in handlers)
        {
            var check = new OptionsCheck($"Handler '{handler.Name}'");
            check.RequireBetween("Timeout", handler.Timeout ?? options.HandlerTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
            check.RequireDelays("RetryDelays", handler.RetryDelays);
            foreach (var kind in handler.Kinds ?? new HashSet<CallEventKind>())
            {
                check.Require(Enum.IsDefined(kind), "Kinds", $"holds {kind}, which is no kind of event.");
            }

            failures.AddRange(check.Result.Failures ?? []);
        }

        if (ownPolicy.Any() && (options.Scenario is not null || options.InstanceScenarios is { Count: > 0 }))
        {
            failures.Add("UsePolicy and a scenario are both set, and only one can decide. Remove IncomingCalls:Scenario and IncomingCalls:InstanceScenarios (UseScenario in code), or UsePolicy.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
