namespace IncomingCalls.Cli;

/// <summary>Files that the command line names.</summary>
internal static class InputFile
{
    /// <exception cref="CommandFailedException">It cannot be read.</exception>
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
