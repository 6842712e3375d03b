using System;
using Google.Protobuf.Collections;

namespace Interop.Sessions.Master.Server.Rows;

/// <summary>What protobuf's lists lack.</summary>
internal static class RepeatedFields
{
    /// <summary>Takes out what is not wanted; the rest stays in its order.</summary>
    internal static void RemoveAll<T>(this RepeatedField<T> list, Func<T, bool> which)
    {
        int kept = 0;
        for (int i = 0; i < list.Count; i++)
        {
            if (!which(list[i]))
            {
                list[kept++] = list[i];
            }
        }

        while (list.Count > kept)
        {
            list.RemoveAt(list.Count - 1);
        }
    }
}
