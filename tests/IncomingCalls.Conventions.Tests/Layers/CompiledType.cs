namespace IncomingCalls.Conventions.Tests;

/// <summary>A type that is not nested, with the project and the folder of its file: usually those of the assembly.</summary>
internal sealed record CompiledType(string Name, string Namespace, bool IsPublic, string Project, string Folder);
