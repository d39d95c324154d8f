using IncomingCalls.Shared;
using Npgsql;

namespace IncomingCalls.PostgreSql.Options;

/// <summary>
/// Describes why Npgsql does not read a connection string. No description contains a value: the exceptions of Npgsql quote values, and what Npgsql takes for a
/// keyword can be the rest of a password with a semicolon. So a keyword is shown only if it differs from a usual one by a few letters.
/// </summary>
internal static class ConnectionStringCheck
{
    private const string Example = "Write Host=db;Database=crm;Username=crm;Password=..., for example";

    /// <summary>Words that may be shown, and what to write instead: the keywords that operators write, and what other drivers call them.</summary>
    private static readonly Dictionary<string, string> Words = new()
    {
        ["Host"] = "Host",
        ["Data Source"] = "Host",
        ["Port"] = "Port",
        ["Database"] = "Database",
        ["Initial Catalog"] = "Database",
        ["DbName"] = "Database",
        ["Username"] = "Username",
        ["User"] = "Username",
        ["Password"] = "Password",
        ["Passfile"] = "Passfile",
        ["SSL Mode"] = "SSL Mode",
        ["SSL Certificate"] = "SSL Certificate",
        ["SSL Key"] = "SSL Key",
        ["Root Certificate"] = "Root Certificate",
        ["Timeout"] = "Timeout",
        ["Command Timeout"] = "Command Timeout",
        ["Keepalive"] = "Keepalive",
        ["Pooling"] = "Pooling",
        ["Minimum Pool Size"] = "Minimum Pool Size",
        ["Maximum Pool Size"] = "Maximum Pool Size",
        ["Search Path"] = "Search Path",
        ["Options"] = "Options",
        ["Application Name"] = "Application Name",
        ["Target Session Attributes"] = "Target Session Attributes",
    };

    /// <summary>The keywords that the descriptions suggest.</summary>
    internal static IEnumerable<string> Suggestions => Words.Values;

    /// <summary>Returns what is wrong with a connection string; null if Npgsql reads it and it names a host.</summary>
    /// <returns>The predicate of a sentence whose subject is the connection string, and what to do.</returns>
    public static string? FindProblem(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).Host is { Length: > 0 } ? null : $"names no Host. {Example}.";
        }
        catch (ArgumentException e) when (e.ParamName is not { Length: > 0 })
        {
            return $"is not a connection string of Npgsql. {Example}.";
        }
        catch (ArgumentException e) when (e.InnerException is not KeyNotFoundException)
        {
            // A keyword that Npgsql knows.
            return $"has an invalid value of the keyword '{e.ParamName}'. Correct the value, or remove the keyword.";
        }
        catch (ArgumentException e)
        {
            return DescribeUnknown(e.ParamName!);
        }
        // Npgsql does not say which keyword without a value it does not know.
        catch (KeyNotFoundException)
        {
            return DescribeUnknown("");
        }
    }

    private static string DescribeUnknown(string keyword)
    {
        var nearest = Words.Keys.MinBy(word => TextDistance.Between(word, keyword))!;
        return keyword.All(static c => char.IsAsciiLetter(c) || c == ' ') && TextDistance.Between(nearest, keyword) <= nearest.Length / 4
            ? $"has the unknown keyword '{keyword}'. Did you mean {Words[nearest]}?"
            : $"has a keyword that is unknown to Npgsql and not shown, because it may be part of a password. {Example}, and a value that contains a semicolon in quotation marks.";
    }
}
