using IncomingCalls.Shared;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Sqlite.Options;

/// <summary>The path of the inbox file of a host. Code takes precedence over the configuration, as for every option.</summary>
internal sealed class InboxPath
{
    public InboxPath(IOptions<SqliteInboxOptions> options, IEnumerable<BoundSection<SqliteInboxOptions>> bound, IHostEnvironment? environment = null)
    {
        var root = string.IsNullOrEmpty(environment?.ContentRootPath) ? Environment.CurrentDirectory : environment.ContentRootPath;
        // The validation of the options refuses a missing path.
        Value = Path.GetFullPath(options.Value.Path!, root);
        // The section that was added first takes precedence.
        if (bound.FirstOrDefault(section => !string.IsNullOrWhiteSpace(section.Section[nameof(SqliteInboxOptions.Path)])) is { Section: var section })
        {
            var configured = Path.GetFullPath(section[nameof(SqliteInboxOptions.Path)]!, root);
            Ignored = configured == Value ? null : new($"{section.Path}:{nameof(SqliteInboxOptions.Path)}", configured);
        }
    }

    /// <summary>The absolute path of the file that the inbox uses.</summary>
    public string Value { get; }

    /// <summary>The path in the configuration if code sets another; otherwise null.</summary>
    public IgnoredPath? Ignored { get; }
}

/// <summary>A configured path that is not used.</summary>
/// <param name="Key">The key of the configuration.</param>
/// <param name="Path">The absolute path.</param>
internal sealed record IgnoredPath(string Key, string Path);
