using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>Says which key is wrong and what to write.</summary>
internal sealed class OrleansInboxOptionsValidator : IValidateOptions<OrleansInboxOptions>
{
    /// <summary>The index of a shelf is one state, written as a whole.</summary>
    private const int MaxStoredItems = 10_000;

    public ValidateOptionsResult Validate(string? name, OrleansInboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var check = new OptionsCheck("IncomingCalls:Orleans");
        check.RequireBetween("RepeatWindow", options.DeduplicationWindow, TimeSpan.FromDays(1), TimeSpan.FromDays(365));
        check.RequireBetween("MaxQuarantineItems", options.MaxQuarantineItems, 1, MaxStoredItems);
        check.Require(
            options.MaxQuarantineBytes is >= 1024 * 1024 and <= 10L * 1024 * 1024 * 1024,
            "MaxQuarantineBytes",
            $"is {options.MaxQuarantineBytes}. Write a number from 1048576 to 10737418240.");
        check.RequireBetween("MaxDeadLetters", options.MaxDeadLetters, 1, MaxStoredItems);
        return check.Result;
    }
}
