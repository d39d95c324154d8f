using System.CommandLine.Parsing;

namespace IncomingCalls.Cli;

/// <summary>Names of files as one types them.</summary>
internal static class FileInfoParser
{
    public static FileInfo? Parse(ArgumentResult result)
    {
        if (result.Tokens.Single().Value is { Length: > 0 } name)
        {
            return new(name);
        }

        result.AddError("The name of a file is missing.");
        return null;
    }
}
