using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Shared;

/// <summary>
/// Validates the keys of the sections that were bound to options. An unknown key is logged once: it may belong to another version, but often it is
/// the misspelt key whose absence another validator reports, so it is logged here and not after a successful start.
/// </summary>
/// <param name="bound">The sections.</param>
/// <param name="logger">The logger; null in a container without logging.</param>
internal sealed partial class BoundSectionValidator<TOptions>(IEnumerable<BoundSection<TOptions>> bound, ILogger<BoundSectionValidator<TOptions>>? logger = null)
    : IValidateOptions<TOptions>
    where TOptions : class
{
    private readonly ConcurrentDictionary<string, bool> _loggedKeys = new(StringComparer.OrdinalIgnoreCase);

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        List<string> problems = [];
        foreach (var section in bound)
        {
            var check = new ConfigurationKeyCheck(section.Section, section.Keys);
            problems.AddRange(check.Problems);
            foreach (var unknown in check.Unknown)
            {
                if (logger is not null && _loggedKeys.TryAdd(unknown.Key, true))
                {
                    UnknownConfigurationKey(logger, unknown.Key, unknown.NearestKey);
                }
            }
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    [LoggerMessage(901, LogLevel.Warning, "The configuration key {Key} is unknown and has no effect; the nearest known key is {NearestKey}. Correct it, or remove it.")]
    private static partial void UnknownConfigurationKey(ILogger logger, string key, string nearestKey);
}
