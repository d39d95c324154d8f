using System.CommandLine;
using System.Globalization;

namespace IncomingCalls.Cli.Arguments;

/// <summary>A time as it is typed: <c>2026-11-23</c>, <c>"2026-11-23 15:20"</c>, or <c>2026-11-23T15:20:11+03:00</c>. Without an offset it is in the local time zone.</summary>
internal sealed class TypedTime
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];
    private static readonly string[] FormatsWithOffset = [.. Formats.Skip(1).Select(static format => $"{format}K")];

    private readonly DateTime _local;
    private readonly DateTimeOffset? _exact;

    private TypedTime(DateTime local, DateTimeOffset? exact) => (_local, _exact) = (local, exact);

    public static Option<TypedTime?> CreateOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            if (Parse(result.Tokens.Single().Value) is { } time)
            {
                return time;
            }

            result.AddError($"{name} takes a time such as 2026-11-23, \"2026-11-23 15:20\" or 2026-11-23T15:20:11+03:00.");
            return null;
        },
    };

    public DateTimeOffset ToTime(TimeProvider time) => (_exact ?? new(_local, time.LocalTimeZone.GetUtcOffset(_local))).ToUniversalTime();

    private static TypedTime? Parse(string text) =>
        DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? new(local, null)
        : DateTimeOffset.TryParseExact(text, FormatsWithOffset, CultureInfo.InvariantCulture, DateTimeStyles.None, out var exact) ? new(default, exact)
        : null;
}
