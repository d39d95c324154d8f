namespace IncomingCalls.Conventions.Tests;

/// <summary>A type that is not nested, and the path of its file from the folder of all projects.</summary>
internal sealed record CompiledType(string Name, string Namespace, bool IsPublic, string Project, string Folder);
