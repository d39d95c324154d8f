using System.CommandLine.Parsing;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Arguments;

/// <summary>Reads files that are named on the command line.</summary>
internal static class InputFile
{
    /// <exception cref="CommandFailedException">The file does not exist or cannot be read.</exception>
    public static byte[] ReadAllBytes(FileInfo file)
    {
        try
        {
            return File.ReadAllBytes(file.FullName);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailedException(ExitCode.Unusable, $"There is no file {file}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCode.Unusable, $"{file} cannot be read.");
        }
    }
}

/// <summary>Parses file names.</summary>
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
