using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using CppSharp;
using Interop.Sessions.Harness.Bindings;

if (args.Length != 2 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("usage: Harness.Bindings HEADERS OUTPUT     two folders, seen from the repository's root");
    return 2;
}

Directory.CreateDirectory(args[1]);
FacadeLibrary facade = new(args[0], args[1]);
if (!ConsoleDriver.Run(facade))
{
    return 1;
}

// As sha256sum writes them: what was read, and what came out. A test compares, for it has no CppSharp.
IEnumerable<string> sums = facade.Headers.Append(facade.GeneratedFile)
    .Select(path => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}  {path}");
File.WriteAllText(Path.Combine(args[1], "sha256sums.txt"), string.Join('\n', sums) + "\n");
return 0;
